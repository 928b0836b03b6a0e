// Everything of the edge that talks to the network, in one value, so that a plan need not load it.
import { connect } from './aws/connect.ts'
import { connectDoctor } from './aws/doctor.ts'
import { probeUrl } from './probe.ts'

export const network = { connect, connectDoctor, probeUrl } as const

export type Network = typeof network
