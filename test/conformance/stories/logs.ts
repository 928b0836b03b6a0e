// The build's log as the action reads it: from the head, page by page, to a token that comes back.
import type { Story } from '../story.ts'

const API = 'CloudWatch Logs API Reference'
const GROUP = '/aws/codebuild/conformance'

export const logs: Story = {
  service: 'CloudWatch Logs',
  write: () => {
    const get = (...more: readonly string[]): readonly string[] => [
      ...[
        'logs',
        'get-log-events',
        '--log-group-name',
        GROUP,
        '--log-stream-name',
        'one',
        '--start-from-head',
        ...more,
      ],
    ]
    const events = JSON.stringify(
      ['first', 'second', 'third'].map((message, index) => ({ timestamp: Date.now() + index, message })),
    )
    const tokenOf = (answer: unknown): string => String(Object(answer)['nextForwardToken'])
    return [
      {
        title: 'a group that is not there',
        words: () => get(),
        aws: '400 ResourceNotFoundException',
        document: `${API}, GetLogEvents, Errors`,
      },
      {
        title: 'make the group',
        words: () => ['logs', 'create-log-group', '--log-group-name', GROUP],
        aws: '200',
        document: `${API}, CreateLogGroup`,
      },
      {
        title: 'make the group again',
        words: () => ['logs', 'create-log-group', '--log-group-name', GROUP],
        aws: '400 ResourceAlreadyExistsException',
        document: `${API}, CreateLogGroup, Errors`,
      },
      {
        title: 'a stream that is not there',
        words: () => get(),
        aws: '400 ResourceNotFoundException',
        document: `${API}, GetLogEvents, Errors`,
      },
      {
        title: 'make the stream',
        words: () => ['logs', 'create-log-stream', '--log-group-name', GROUP, '--log-stream-name', 'one'],
        aws: '200',
        document: `${API}, CreateLogStream`,
      },
      {
        title: 'write',
        words: () => [
          ...[
            'logs',
            'put-log-events',
            '--log-group-name',
            GROUP,
            '--log-stream-name',
            'one',
            '--log-events',
            events,
          ],
        ],
        aws: '200',
        document: `${API}, PutLogEvents`,
      },
      {
        title: 'the first page',
        words: () => get('--limit', '2'),
        aws: '200',
        document: `${API}, GetLogEvents`,
        shape: [
          'events.0.message',
          'events.1.timestamp',
          'events.0.ingestionTime',
          'nextForwardToken',
          'nextBackwardToken',
        ],
      },
      {
        title: 'the second page',
        words: (_, past) => get('--next-token', tokenOf(past('the first page'))),
        aws: '200',
        document: `${API}, GetLogEvents`,
        shape: ['events.0.message', 'nextForwardToken'],
      },
      {
        title: 'the end',
        words: (_, past) => get('--next-token', tokenOf(past('the second page'))),
        aws: '200',
        document: `${API}, GetLogEvents, nextForwardToken`,
        shape: ['nextForwardToken'],
      },
      {
        title: 'a token that is none',
        words: () => get('--next-token', 'nonsense'),
        aws: '400 InvalidParameterException',
        document: `${API}, GetLogEvents, Errors`,
      },
      {
        title: 'too many at once',
        words: () => get('--limit', '10001'),
        aws: '400 InvalidParameterException',
        document: `${API}, GetLogEvents, limit`,
      },
    ]
  },
}
