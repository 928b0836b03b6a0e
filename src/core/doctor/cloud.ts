// What the doctor asks of AWS and of the place where it runs, beyond what a deployment asks.
import type { Cloud } from '../cloud.ts'
import type { Host, Identity } from '../host.ts'

/** What a token says of itself; never the token. */
export interface TokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: readonly string[]
}

/** An object that only the doctor writes. */
export interface ProbePlace {
  readonly bucket: string
  readonly key: string
  /** Account that must own the bucket. */
  readonly owner: string
}

export interface Probe {
  readonly etag: string
  /** True if the bucket keeps versions, so that a deleted object stays as an old one. */
  readonly isVersioned: boolean
}

/** Every method throws Refusal. */
export interface DoctorCloud extends Cloud {
  /** GetBucketLocation. */
  bucketRegion(place: ProbePlace): Promise<string>
  /** ListObjectsV2, one object at most. */
  listBucket(place: ProbePlace): Promise<void>
  /** True if nothing lies at the place. */
  isFree(place: ProbePlace): Promise<boolean>
  /** Writes the probe where nothing lies. */
  putProbe(place: ProbePlace): Promise<Probe>
  getProbe(place: ProbePlace): Promise<void>
  /** Deletes the probe if it is still that one. */
  deleteProbe(place: ProbePlace, probe: Probe): Promise<void>
  /** GetFunctionUrlConfig of a function that does not exist. */
  lookForUrl(functionName: string): Promise<void>
}

export interface DoctorHost extends Pick<Host, 'now' | 'sleep' | 'random' | 'tell' | 'signal'> {
  /** The claims of a fresh token; undefined if it is no JWT. A person at a terminal may have no token at all. */
  readClaims(audience: string): Promise<TokenClaims | 'own identity' | undefined>
  open(identity: Identity): Promise<DoctorCloud>
}
