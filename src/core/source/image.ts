// What is known about the stages of a Dockerfile once its variables are resolved.
import {
  type Dockerfile,
  findStage,
  type Instruction,
  listNeededStages,
  parseDockerfile,
  type Stage,
} from './dockerfile.ts'
import { expandVariables, platformVariables, readAssignments, type Variables } from './expand.ts'

/** A stage with everything that its own file says about it. */
export interface ResolvedStage extends Stage {
  /** The image or stage; undefined if a variable in it is known only to the build. */
  readonly image: string | undefined
  /** The stage that it builds upon, where it is not an image. */
  readonly parent?: ResolvedStage
  /** The variables at its end, inherited ones included. */
  readonly variables: Variables
}

export interface ImageSource {
  readonly dockerfile: Dockerfile
  /** The stages that are built, in their order; the last one becomes the image. */
  readonly needed: readonly ResolvedStage[]
  readonly final?: ResolvedStage
}

/** Reads a Dockerfile and resolves what can be resolved. */
export function resolveImage(text: string): ImageSource {
  const dockerfile = parseDockerfile(text)
  const globals = collectVariables(dockerfile.globals, platformVariables, new Map())
  const resolved = new Map<number, ResolvedStage>()
  for (const stage of dockerfile.stages)
    resolved.set(stage.index, resolveStage({ dockerfile, globals, resolved }, stage))
  const needed = listNeededStages(dockerfile, (stage) => resolved.get(stage.index)?.image ?? '').flatMap(
    (stage) => resolved.get(stage.index) ?? [],
  )
  const final = needed.at(-1)
  return { dockerfile, needed, ...(final === undefined ? {} : { final }) }
}

interface Resolution {
  readonly dockerfile: Dockerfile
  readonly globals: Variables
  readonly resolved: ReadonlyMap<number, ResolvedStage>
}

function resolveStage({ dockerfile, globals, resolved }: Resolution, stage: Stage): ResolvedStage {
  const image = expandVariables(stage.base, globals)
  const below = image === undefined ? undefined : findStage(dockerfile, image, stage.index)
  const parent = below && resolved.get(below.index)
  const variables = collectVariables(stage.instructions, parent?.variables ?? new Map(), globals)
  return { ...stage, image, variables, ...(parent === undefined ? {} : { parent }) }
}

/** Follows ARG and ENV lines. An ARG without a value takes the one from above the first FROM. */
function collectVariables(
  instructions: readonly Instruction[],
  inherited: Variables,
  globals: Variables,
): Variables {
  const variables = new Map(inherited)
  for (const instruction of instructions) {
    if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') continue
    for (const [name, value] of readAssignments(instruction.text)) {
      if (value !== undefined) variables.set(name, expandVariables(value, variables))
      else if (!variables.has(name)) variables.set(name, globals.get(name))
    }
  }
  return variables
}

/** The stage and those below it, the nearest first. */
export function listChain(stage: ResolvedStage | undefined): readonly ResolvedStage[] {
  return stage === undefined ? [] : [stage, ...listChain(stage.parent)]
}

/** The image at the bottom of a stage: `scratch`, or a name with its tag. */
export function findRootImage(stage: ResolvedStage | undefined): string | undefined {
  return listChain(stage).at(-1)?.image
}

/** The last instruction of this kind that counts for the final image. */
export function findLastInstruction(
  stage: ResolvedStage | undefined,
  keyword: string,
): Instruction | undefined {
  for (const level of listChain(stage)) {
    const found = level.instructions.findLast((instruction) => instruction.keyword === keyword)
    if (found !== undefined) return found
  }
  return undefined
}
