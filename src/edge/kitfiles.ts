// The kit's files by path, as the build puts them into the bundles; empty in the sources, where they are read from disk.

export const kitFiles: Readonly<Record<string, string>> = {}
