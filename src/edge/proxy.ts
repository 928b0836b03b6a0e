// HTTPS_PROXY, HTTP_PROXY and NO_PROXY for clients that do not know them, by the rules of the runner's own HTTP client.
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { getProxyUrl } from '@actions/http-client/lib/proxy'
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent'

export interface Agents {
  readonly httpAgent: HttpAgent
  readonly httpsAgent: HttpsAgent
}

const pool = { keepAlive: true, maxSockets: 8 }

/** Agents for a URL's host: through the proxy if the environment names one for it, else direct. */
export function agentsFor(url: string): Agents {
  const proxy = getProxyUrl(new URL(url))
  if (proxy === undefined) return { httpAgent: new HttpAgent(pool), httpsAgent: new HttpsAgent(pool) }
  return {
    httpAgent: new HttpProxyAgent({ ...pool, proxy: proxy.href }),
    httpsAgent: new HttpsProxyAgent({ ...pool, proxy: proxy.href }),
  }
}
