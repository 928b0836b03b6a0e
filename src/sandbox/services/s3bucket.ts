// What S3 keeps: buckets and their objects.

export interface StoredObject {
  readonly key: string
  readonly body: Buffer
  /** With its double quotes. */
  readonly etag: string
  readonly contentType: string
  /** User metadata by name without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>
  /** Base64 checksums by algorithm: `SHA256`, `CRC32`. */
  readonly checksums: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly lastModified: number
}

export interface Bucket {
  readonly name: string
  region: string
  /** Account that owns it. */
  owner: string
  /** By key. */
  readonly objects: Map<string, StoredObject>
  /** ARN of a customer key that encrypts every object by default; the guide's roles may not use it. */
  kmsKey?: string
  /** Bucket policy, as parsed JSON. */
  policy?: unknown
}
