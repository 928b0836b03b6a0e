// The commands that need the network or the sandbox, and what lighter commands borrow of them.
import { network } from '../edge/network.ts'
import { demo } from './demo.ts'
import { deploy } from './deploy.ts'
import { doctor } from './doctor.ts'
import { chooseOwn, chooseTokens } from './identity.ts'
import { init } from './init.ts'
import { sandbox } from './sandbox.ts'
import { setup } from './setup.ts'
import { undeploy } from './undeploy.ts'

export const full = {
  commands: { demo, sandbox, deploy, undeploy, setup, init, doctor },
  network,
  chooseTokens,
  chooseOwn,
} as const
