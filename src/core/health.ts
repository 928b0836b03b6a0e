// What counts as an answer of the program on its Function URL, for the health check and for `unchanged`.

export interface UrlAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * True for any status below 500, the program's own 403 and 429 too. An error that Lambda makes itself carries
 * `x-amzn-errortype`; a program cannot forge that header through a Function URL, which renames it to
 * `x-amzn-remapped-*` (AWS: "Invoking Lambda function URLs", header restrictions).
 */
export function isAnswer(answer: UrlAnswer): boolean {
  return answer.status < 500 && answer.headers['x-amzn-errortype'] === undefined
}
