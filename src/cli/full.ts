// The commands that need the network or the sandbox, and what lighter commands borrow of them.
import { network } from '../edge/network.ts'
import type { Command } from './command.ts'
import { demo } from './demo.ts'
import { deploy } from './deploy.ts'
import { doctor } from './doctor.ts'
import { chooseOwn, chooseTokens } from './identity.ts'
import type { Borrowed } from './identityrequest.ts'
import { init } from './init.ts'
import { sandbox } from './sandbox.ts'
import { setup } from './setup.ts'
import { undeploy } from './undeploy.ts'

export const commands: readonly Command[] = [demo, sandbox, deploy, undeploy, setup, init, doctor]

export const borrowed: Borrowed = { network, chooseTokens, chooseOwn }
