// What a reader of YAML has against a text.

/** Something that Dart's reader would refuse, at an offset of the text. */
export interface YamlFault {
  readonly message: string
  readonly at: number
}
