// The mark that every function of ours carries as its Description: whose it is and what it was made from.

export interface Mark {
  /** GitHub's repository id, or `-` outside GitHub. */
  readonly repo: string
  /** Number of the pull request, or `-`. */
  readonly pr: string
  /** First 16 digits of the source digest, or `-` after a deployment that failed half way. */
  readonly src: string
  readonly cfg: string
  /** First 16 digits of the image digest. */
  readonly img: string
}

const pattern =
  /^dcf\/aws-lambda-deploy repo=(\d{1,20}|-) pr=(\d{1,20}|-) src=([0-9a-f]{16}|-) cfg=([0-9a-f]{16}|-) img=([0-9a-f]{16}|-)$/

/** Reads a Description; undefined if it is not a mark. */
export function readMark(description: string | undefined): Mark | undefined {
  const [, repo, pr, src, cfg, img] = pattern.exec(description ?? '') ?? []
  if (repo === undefined || pr === undefined || src === undefined || cfg === undefined || img === undefined)
    return undefined
  return { repo, pr, src, cfg, img }
}

/** The Description for a mark; always under Lambda's 256 characters. */
export function writeMark(mark: Mark): string {
  return `dcf/aws-lambda-deploy repo=${mark.repo} pr=${mark.pr} src=${mark.src} cfg=${mark.cfg} img=${mark.img}`
}
