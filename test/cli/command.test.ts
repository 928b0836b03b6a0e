// Options, help, exit codes: what a person at a terminal meets first.
import { describe, expect, test } from 'vitest'
import { runCommand } from './run.ts'

describe('dcf-lambda', () => {
  test('without a command shows every command', async () => {
    const run = await runCommand([])
    expect(run.exitCode).toBe(0)
    for (const name of ['demo', 'sandbox', 'plan', 'pack', 'deploy', 'undeploy', 'setup', 'init', 'doctor'])
      expect(run.stdout).toContain(`  ${name} `)
  })

  test.each(['depoly', '__proto__', 'constructor'])('%s is not a command', async (name) => {
    const run = await runCommand([name])
    expect(run.exitCode).toBe(2)
    expect(run.stderr).toContain(`\`${name}\` is not a command`)
  })

  test('all unknown options are told at once, with the way to help', async () => {
    const run = await runCommand(['plan', '--frobnicate', '--role-to-asume=x', '--json'])
    expect(run.exitCode).toBe(2)
    const { problems } = JSON.parse(run.stdout)
    expect(problems.map((problem: { message: string }) => problem.message)).toEqual([
      'The option `--frobnicate` is not known.',
      'The option `--role-to-asume` is not known.',
    ])
    expect(problems[0].help).toContain('dcf-lambda plan --help')
  })

  test('an option without its value is told', async () => {
    const run = await runCommand(['deploy', '--function-name'])
    expect(run.exitCode).toBe(2)
    expect(run.stderr).toContain('`--function-name` needs a value')
  })

  test("every command has a help of its own, with the inputs' descriptions", async () => {
    const run = await runCommand(['deploy', '--help'])
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain('--role-to-assume VALUE')
    expect(run.stdout).toContain('ARN of the IAM role that trusts')
  })

  test('deploy tells everything that is missing, and calls nobody', async () => {
    const run = await runCommand(['deploy', '--json', '--force=perhaps'])
    expect(run.exitCode).toBe(2)
    const document = JSON.parse(run.stdout)
    expect(document.status).toBe('failed')
    expect(document.problems).toHaveLength(7)
  })
})
