// The part of Go's templates that `docker inspect --format` is used with: fields, range, len, json, println, index.

/** @throws Error in docker's words for a field that is absent or a function that is not known */
export function renderTemplate(template: string, data: unknown): string {
  const tokens = template.split(/(\{\{.*?\}\})/s)
  return render(tokens, data, { at: 0 })
}

function render(tokens: readonly string[], data: unknown, position: { at: number }): string {
  let text = ''
  while (position.at < tokens.length) {
    const token = tokens[position.at] ?? ''
    position.at += 1
    const action = /^\{\{-?\s*(.*?)\s*-?\}\}$/s.exec(token)?.[1]
    if (action === undefined) text += token
    else if (action === 'end') return text
    else if (action.startsWith('range '))
      text += renderRange(tokens, evaluate(action.slice(6), data), position)
    else if (action.startsWith('if '))
      text += renderIf(tokens, { condition: evaluate(action.slice(3), data), data }, position)
    else text += show(evaluate(action, data))
  }
  return text
}

function renderRange(tokens: readonly string[], list: unknown, position: { at: number }): string {
  const start = position.at
  const items = Array.isArray(list)
    ? list
    : list !== null && typeof list === 'object'
      ? Object.values(list)
      : []
  let text = ''
  for (const item of items) {
    position.at = start
    text += render(tokens, item, position)
  }
  if (items.length === 0) render(tokens, undefined, position)
  return text
}

function renderIf(
  tokens: readonly string[],
  { condition, data }: { condition: unknown; data: unknown },
  position: { at: number },
): string {
  const text = render(tokens, condition ? data : undefined, position)
  return condition ? text : ''
}

function evaluate(expression: string, data: unknown): unknown {
  const [head = '', ...rest] = expression.match(/"[^"]*"|\S+/g) ?? []
  const [first, second] = rest.map((word) => operand(word, data))
  switch (head) {
    case 'len':
      return count(first)
    case 'json':
      return JSON.stringify(first ?? null)
    case 'println':
      return `${show(first)}\n`
    case 'index':
      return at(first, second)
    default:
      if (rest.length > 0) throw new Error(`template parsing error: function "${head}" not defined`)
      return operand(head, data)
  }
}

function operand(word: string, data: unknown): unknown {
  if (word.startsWith('"')) return word.slice(1, -1)
  if (/^\d+$/.test(word)) return Number(word)
  if (word === '.') return data
  if (!word.startsWith('.')) throw new Error(`template parsing error: function "${word}" not defined`)
  return word.slice(1).split('.').reduce<unknown>(at, data)
}

function at(value: unknown, key: unknown): unknown {
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value)) {
    if (typeof key !== 'number' || key >= value.length)
      throw new Error(`error calling index: index out of range: ${String(key)}`)
    return value[key]
  }
  if (typeof value !== 'object') return undefined
  return Object.entries(value).find(([name]) => name === key)?.[1]
}

function count(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  return value !== null && typeof value === 'object' ? Object.keys(value).length : 0
}

function show(value: unknown): string {
  if (value === undefined || value === null) return '<no value>'
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`
  if (typeof value === 'object')
    return `map[${Object.entries(value)
      .map(([key, item]) => `${key}:${show(item)}`)
      .join(' ')}]`
  return String(value)
}
