// The bucket: its region and owner, and whether the role may list, write, read and delete there.

import type { Refusal } from '../refusal.ts'
import { attempt, isDenied } from './attempt.ts'
import { type Check, failed, passed, untold } from './check.ts'
import type { DoctorCloud, Probe, ProbePlace } from './cloud.ts'
import { type Remedies, writeStatements } from './statement.ts'

export interface BucketQuestion {
  readonly cloud: DoctorCloud
  readonly remedies: Remedies
  /** Where deployments put their archive. */
  readonly artifact: ProbePlace
  /** A place of the doctor's own, for when an archive lies at the other. */
  readonly spare: ProbePlace
  readonly region: string
}

export interface BucketFindings {
  readonly checks: readonly Check[]
  /** The probe while it lies there, for the build to read. */
  readonly left: { readonly place: ProbePlace; readonly probe: Probe } | undefined
}

const titles = {
  region: "The bucket is in the function's region and in the role's account",
  list: 'The role may list the bucket',
  write: 'The role may write an archive',
  read: 'The role may read an archive',
  remove: 'The role may delete an archive',
}

export async function examineBucket(question: BucketQuestion): Promise<BucketFindings> {
  const region = await checkRegion(question)
  if (region.verdict.kind === 'fail') return { checks: [region], left: undefined }
  const listed = await attempt(question.cloud.listBucket(question.artifact))
  const list = listed.ok
    ? passed('bucket-list', titles.list, question.artifact.bucket)
    : explain(question, { id: 'bucket-list', title: titles.list, action: 's3:ListBucket' }, listed.refusal)
  const { checks, left } = await probe(question)
  return { checks: [region, list, ...checks], left }
}

async function checkRegion(question: BucketQuestion): Promise<Check> {
  const { cloud, artifact, region } = question
  const place = { id: 'bucket-region', title: titles.region, action: 's3:GetBucketLocation' }
  const answer = await attempt(cloud.bucketRegion(artifact))
  if (answer.ok && answer.value === region)
    return passed(place.id, place.title, `${artifact.bucket}, ${region}`)
  if (answer.ok)
    return failed(place.id, place.title, {
      code: 'DCF-BUCKET-REGION',
      detail: `The bucket \`${artifact.bucket}\` is in ${answer.value}, \`aws-region\` is ${region}.`,
      help: `Name a bucket in ${region}, or set \`aws-region\` to ${answer.value}.`,
    })
  if (isDenied(answer.refusal) && answer.refusal.code === 'DCF-BUCKET-DENIED')
    return untold(place.id, place.title, {
      reason: answer.refusal.detail,
      permission: 's3:GetBucketLocation for the role that the action assumes',
      statement: writeStatements(question.remedies, 'deploy role', ['s3:GetBucketLocation']),
    })
  return explain(question, place, answer.refusal)
}

/** Writes and reads a probe. It stays until the build has read it; {@link removeProbe} takes it away. */
async function probe(question: BucketQuestion): Promise<BucketFindings> {
  const { cloud, artifact, spare } = question
  const free = await attempt(cloud.isFree(artifact))
  const place = free.ok && free.value ? artifact : spare
  const put = await attempt(cloud.putProbe(place))
  const writing = { id: 'object-write', title: titles.write, action: 's3:PutObject' }
  if (!put.ok) return { checks: [explain(question, writing, put.refusal)], left: undefined }
  const read = await attempt(cloud.getProbe(place))
  const reading = { id: 'object-read', title: titles.read, action: 's3:GetObject' }
  return {
    checks: [
      passed(writing.id, writing.title, `s3://${place.bucket}/${place.key}`),
      read.ok
        ? passed(reading.id, reading.title, `s3://${place.bucket}/${place.key}`)
        : explain(question, reading, read.refusal),
    ],
    left: { place, probe: put.value },
  }
}

/** Deletes the probe, and says what of it stays. */
export async function removeProbe(
  question: BucketQuestion,
  left: NonNullable<BucketFindings['left']>,
): Promise<Check> {
  const { place } = left
  const removing = { id: 'object-delete', title: titles.remove, action: 's3:DeleteObject' }
  const removed = await attempt(question.cloud.deleteProbe(place, left.probe))
  if (!removed.ok) {
    const check = explain(question, removing, removed.refusal)
    if (check.verdict.kind !== 'fail') return check
    const detail = `${check.verdict.detail} The probe s3://${place.bucket}/${place.key} is still there; delete it by hand.`
    return { ...check, verdict: { ...check.verdict, detail } }
  }
  const rest = left.probe.isVersioned
    ? '; the bucket keeps it as an old version until its lifecycle rule removes that'
    : ''
  return passed(removing.id, removing.title, `s3://${place.bucket}/${place.key}${rest}`)
}

interface Place {
  readonly id: string
  readonly title: string
  readonly action: string
}

function explain({ remedies }: BucketQuestion, place: Place, refusal: Refusal): Check {
  return failed(place.id, place.title, {
    code: refusal.code,
    detail: refusal.detail,
    help: refusal.help ?? refusal.entry.remedy,
    ...(refusal.code === 'DCF-BUCKET-DENIED'
      ? { statement: writeStatements(remedies, 'deploy role', [place.action]) }
      : {}),
  })
}
