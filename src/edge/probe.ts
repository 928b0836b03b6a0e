// One GET on a Function URL, to see whether the program answers.
import { HttpClient } from '@actions/http-client'
import type { UrlAnswer } from '../core/health.ts'

/** Undefined if nothing answered within ten seconds. Redirects are an answer and not followed. */
export async function probeUrl(url: string): Promise<UrlAnswer | undefined> {
  const client = new HttpClient('dcf-health-check', [], {
    allowRetries: false,
    allowRedirects: false,
    socketTimeout: 10_000,
  })
  try {
    const { message } = await client.get(url)
    message.resume()
    const headers = Object.entries(message.headers).map(
      ([name, value]) => [name.toLowerCase(), String(value)] as const,
    )
    return { status: message.statusCode ?? 0, headers: Object.fromEntries(headers) }
  } catch {
    return undefined
  } finally {
    client.dispose()
  }
}
