// Starts a stand-in from its source: node entry.ts TOOL ARGUMENTS. The bundle has a command of its own for it.
import { main } from './main.ts'

const [tool = '', ...argv] = process.argv.slice(2)
process.exitCode = await main(tool, argv)
