// Everything known about a run of an action so far; outputs are set the moment they are known.
import type { PartialFacts } from '../../core/facts.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Outputs } from '../../core/outputs.ts'
import { summarize } from '../../core/summary.ts'
import type { Concealer } from '../conceal.ts'
import { type Environment, writeOutputs, writeSummary } from './runner.ts'

export interface LedgerParts {
  readonly environment: Environment
  readonly concealer: Concealer
  /** Outputs that are set before the end. */
  early(facts: PartialFacts): Outputs
  /** All outputs, at an ISO 8601 time. */
  final(facts: PartialFacts, outcome: Outcome, endedAt: string): Outputs
}

export class Ledger {
  facts: PartialFacts
  private written: Outputs = {}
  private readonly parts: LedgerParts

  constructor(facts: PartialFacts, parts: LedgerParts) {
    this.facts = facts
    this.parts = parts
  }

  add(facts: PartialFacts): void {
    this.facts = { ...this.facts, ...facts }
    this.write(this.parts.early(this.facts))
  }

  end(outcome: Outcome): void {
    this.write(this.parts.final(this.facts, outcome, new Date().toISOString()))
    writeSummary(this.parts.concealer.conceal(summarize(this.facts, outcome)), this.parts.environment)
  }

  /** Only what is new: each output is a line in a file that the runner reads once. */
  private write(outputs: Outputs): void {
    const fresh = Object.entries(outputs).filter(([name, value]) => this.written[name] !== value)
    writeOutputs(Object.fromEntries(fresh), this.parts.environment)
    this.written = { ...this.written, ...outputs }
  }
}
