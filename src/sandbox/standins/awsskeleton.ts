// The input of an operation as `--generate-cli-skeleton` shows it; nothing is sent.
import { type ServiceModel, type Shape, shapeOf } from './awsmodel.ts'

export function writeSkeleton(shape: Shape, service: ServiceModel, depth = 0): unknown {
  if (depth > 8) return {}
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        Object.entries(shape.members ?? {}).map(([name, member]) => [
          name,
          writeSkeleton(shapeOf(service, member.shape), service, depth + 1),
        ]),
      )
    case 'list':
      return [writeSkeleton(shapeOf(service, shape.member), service, depth + 1)]
    case 'map':
      return { KeyName: writeSkeleton(shapeOf(service, shape.value), service, depth + 1) }
    case 'integer':
    case 'long':
      return 0
    case 'boolean':
      return true
    default:
      return shape.enum?.[0] ?? ''
  }
}
