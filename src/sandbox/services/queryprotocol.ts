// The AWS query protocol: parameters in a form, answers and errors in XML envelopes.
import type { AwsError } from '../awserror.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { writeXml, type XmlNode } from '../xml.ts'

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** The form of a POST, or the query of a GET. */
export function readForm(exchange: Exchange): URLSearchParams {
  return exchange.method === 'GET' ? exchange.query : new URLSearchParams(exchange.body.toString('utf8'))
}

export function answerQuery(operation: string, result: readonly XmlNode[]): Answer {
  const nodes: readonly XmlNode[] = [[`${operation}Result`, result]]
  return xml(200, writeXml({ root: `${operation}Response`, namespace: NAMESPACE, content: nodes }))
}

export function refuseQuery(error: AwsError, requestId: string): Answer {
  const nodes: readonly XmlNode[] = [
    [
      'Error',
      [
        ['Type', error.status >= 500 ? 'Receiver' : 'Sender'],
        ['Code', error.code],
        ['Message', error.message],
      ],
    ],
    ['RequestId', requestId],
  ]
  return xml(error.status, writeXml({ root: 'ErrorResponse', namespace: NAMESPACE, content: nodes }))
}

function xml(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/xml' }, body }
}
