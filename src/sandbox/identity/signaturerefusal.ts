// AWS's errors for a request that is not properly signed: one fault, another code and status in each protocol.
import { AwsError } from '../awserror.ts'
import type { Service } from '../service.ts'

export type SignatureFault =
  | 'missing'
  | 'unknown key'
  | 'wrong token'
  | 'wrong signature'
  | 'wrong scope'
  | 'skewed'
  | 'expired'

type Refusal = readonly [code: string, status: number, message: string]

const INVALID_TOKEN = 'The security token included in the request is invalid.'
const EXPIRED_TOKEN = 'The security token included in the request is expired'
const MISSING_TOKEN = 'Missing Authentication Token'
const NO_MATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const WRONG_SCOPE = 'Credential should be scoped to a valid region.'
const SKEWED = 'Signature expired: the time of the request is too far from the current time'

const S3: Readonly<Record<SignatureFault, Refusal>> = {
  missing: ['AccessDenied', 403, 'Access Denied'],
  'unknown key': [
    'InvalidAccessKeyId',
    403,
    'The AWS Access Key Id you provided does not exist in our records.',
  ],
  'wrong token': ['InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'],
  'wrong signature': [
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  'wrong scope': ['SignatureDoesNotMatch', 403, WRONG_SCOPE],
  skewed: [
    'RequestTimeTooSkewed',
    403,
    'The difference between the request time and the current time is too large.',
  ],
  expired: ['ExpiredToken', 400, 'The provided token has expired.'],
}

const QUERY: Readonly<Record<SignatureFault, Refusal>> = {
  missing: ['MissingAuthenticationToken', 403, MISSING_TOKEN],
  'unknown key': ['InvalidClientTokenId', 403, INVALID_TOKEN],
  'wrong token': ['InvalidClientTokenId', 403, INVALID_TOKEN],
  'wrong signature': ['SignatureDoesNotMatch', 403, NO_MATCH],
  'wrong scope': ['SignatureDoesNotMatch', 403, WRONG_SCOPE],
  skewed: ['SignatureDoesNotMatch', 403, SKEWED],
  expired: ['ExpiredToken', 403, EXPIRED_TOKEN],
}

const JSON_1_1: Readonly<Record<SignatureFault, Refusal>> = {
  missing: ['MissingAuthenticationTokenException', 400, MISSING_TOKEN],
  'unknown key': ['UnrecognizedClientException', 400, INVALID_TOKEN],
  'wrong token': ['UnrecognizedClientException', 400, INVALID_TOKEN],
  'wrong signature': ['InvalidSignatureException', 400, NO_MATCH],
  'wrong scope': ['InvalidSignatureException', 400, WRONG_SCOPE],
  skewed: ['InvalidSignatureException', 400, SKEWED],
  expired: ['ExpiredTokenException', 400, EXPIRED_TOKEN],
}

/** The JSON protocol answers 400, Lambda's REST form 403 with the same codes. */
export function refuseSignature(fault: SignatureFault, protocol: Service['protocol']): AwsError {
  switch (protocol) {
    case 'rest-xml':
      return toError(S3[fault])
    case 'query':
      return toError(QUERY[fault])
    case 'json':
      return toError(JSON_1_1[fault])
    case 'rest-json':
      return toError([JSON_1_1[fault][0], 403, JSON_1_1[fault][2]])
  }
}

function toError([code, status, message]: Refusal): AwsError {
  return new AwsError(code, message, status)
}
