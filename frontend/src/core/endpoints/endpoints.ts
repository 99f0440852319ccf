/** Endpoints: versions, shares, and the programs that call one. */
import type { Json } from '../base/json'
import { counted } from '../base/numbers'
import type { Schemas } from '../base/schemas'

export type Endpoint = Schemas['Endpoint']
export type EndpointBrief = Schemas['EndpointBrief']
export type EndpointVersion = Schemas['PublishedVersion']
export type EndpointKey = Schemas['EndpointKey']
export type EndpointMonitor = Schemas['EndpointMonitor']
export type Shares = Record<string, number>

/** A column of a request, as the signature describes it. */
export interface InputColumn {
  name: string
  type: string
  nullable: boolean
  categories: string[] | null
}

export const isGoing = (state: string) => state === 'building' || state === 'proving' || state === 'draining'
export const isUsable = (version: EndpointVersion) => ['ready', 'serving', 'draining'].includes(version.state)

/** A name is lower-case letters, digits and hyphens; null when it can be used. */
export function endpointNameProblem(name: string): string | null {
  return /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(name) ? null : 'Use up to 64 lowercase letters, digits and -, with a letter or digit first and last.'
}

/** How far the serving processes are, in words. */
export function processesInWords({ processes, listed, shares }: Pick<Endpoint, 'processes' | 'listed' | 'shares'>): string {
  if (processes.length === 0) return 'No serving process runs'
  const all = counted(processes.length, 'serving process', 'serving processes')
  const current = processes.filter((process) => process.current).length
  if (Object.keys(shares).length === 0) return `${all} ready`
  const failing = processes.filter(({ failures }) => Object.keys(failures).some((number) => number in shares)).length
  if (failing > 0) return `Not loaded by ${failing} of ${all}`
  if (current === processes.length) return `Served by ${counted(current, 'process', 'processes')}`
  const begins = listed.filter(isUsable).length === 1
  return current === 0 ? `${begins ? 'Starting on' : 'Updating'} ${all}` : `${begins ? 'Started' : 'Up to date'} on ${current} of ${all}`
}

/** What is being done with a version, or what it waits for. */
export const VERSION_WORDS: Record<string, string> = {
  building: 'The scoring pipeline is derived from the run.',
  proving: 'Its answers are compared with those of the run.',
  ready: 'Proven and loaded; it takes no requests.',
  serving: 'It takes requests.',
  draining: 'It answers its last requests.',
  stopped: 'Not loaded. Start it to give it requests again.',
  failed: 'It cannot be served.',
}

export type LimitName = keyof Endpoint['limits']

/** The limits of requests: how people give them, by how much a stored number is larger, and their range. */
export const LIMITS: readonly { name: LimitName; title: string; help: string; unit?: string; times: number; least: number; most: number }[] = [
  { name: 'rate', title: 'Requests per minute and key', help: 'A key may have its own. Beyond it, the answer is 429.', times: 1, least: 1, most: 10_000_000 },
  { name: 'rows', title: 'Rows in one request', help: 'More are refused with 413.', times: 1, least: 1, most: 100_000 },
  { name: 'body_bytes', title: 'Size of one request', help: 'A larger body is refused with 413.', unit: ' MB', times: 1_000_000, least: 0.001, most: 100 },
  { name: 'seconds', title: 'Time for one request', help: 'After it, the answer is 408.', unit: ' s', times: 1, least: 0.001, most: 300 },
  { name: 'queue', title: 'Requests that may wait', help: 'In each serving process. More are refused with 429.', times: 1, least: 1, most: 10_000 },
]

export const sharesInWords = (shares: Shares): string =>
  Object.entries(shares).map(([number, share]) => `v${number}: ${share}\u00a0%`).join(', ') || 'No requests are taken'

/** Why shares cannot be sent; null when they can. */
export function sharesProblem(shares: Shares): string | null {
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0)
  if (Object.values(shares).some((share) => !Number.isInteger(share) || share < 0 || share > 100)) return 'Use whole percents from 0 to 100.'
  return total === 100 ? null : `The shares sum to ${total}\u00a0%; they must sum to 100\u00a0%.`
}

/** The input columns of a version; none before it is built. */
export function inputsOf(version: EndpointVersion | undefined): InputColumn[] {
  return (version?.signature as { inputs?: InputColumn[] } | null | undefined)?.inputs ?? []
}

/** What a text in a field of the form stands for, by the column's type; an empty one is missing. A text of another type is sent as it is, and refused. */
export function valueOf(text: string, { type }: Pick<InputColumn, 'type'>): Json {
  if (text === '') return null
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (type === 'number' || type === 'integer') {
    const number = Number(text)
    return text.trim() === '' || !Number.isFinite(number) || (type === 'integer' && !Number.isSafeInteger(number)) ? text : number
  }
  return text
}

export const textOf = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean))

/** The bound under which a share of the requests lies; infinite beyond the last bound, null without requests. */
export function quantile(bounds: readonly number[], buckets: readonly number[], share: number): number | null {
  const total = buckets.reduce((sum, each) => sum + each, 0)
  let below = 0
  for (const [at, each] of buckets.entries()) {
    below += each
    if (total > 0 && below >= share * total) return bounds[at] ?? Infinity
  }
  return null
}

export const LANGUAGES = ['curl', 'Python', 'JavaScript', 'R'] as const
export type Language = (typeof LANGUAGES)[number]

/** A program that sends a row, with a placeholder for the key. */
export function program(language: Language, address: string, row: unknown): string {
  const body = JSON.stringify({ rows: [row] })
  const url = `${address}/score`
  switch (language) {
    case 'curl':
      return `curl ${url} \\\n  -H 'Authorization: Bearer YOUR_KEY' \\\n  -H 'Content-Type: application/json' \\\n  -d '${body.replaceAll("'", String.raw`'\''`)}'`
    case 'Python':
      return `import json\nimport urllib.request\n\nrequest = urllib.request.Request(\n    "${url}",\n    data=json.dumps(json.loads(r'''${body.replaceAll("'", String.raw`\u0027`)}''')).encode(),\n    headers={"Authorization": "Bearer YOUR_KEY", "Content-Type": "application/json"},\n)\nwith urllib.request.urlopen(request) as answer:\n    print(json.load(answer))`
    case 'JavaScript':
      return `const answer = await fetch('${url}', {\n  method: 'POST',\n  headers: { Authorization: 'Bearer YOUR_KEY', 'Content-Type': 'application/json' },\n  body: JSON.stringify(${body}),\n})\nconsole.log(await answer.json())`
    case 'R':
      return `library(httr2)\n\nrequest("${url}") |>\n  req_auth_bearer_token("YOUR_KEY") |>\n  req_body_raw(r"---(${body})---", type = "application/json") |>\n  req_perform() |>\n  resp_body_json()`
  }
}

/** Whether a share is a number of percent. An emptied field is none, and not 0. */
export const isShare = (share: number | string) => typeof share === 'number' && share >= 0 && share <= 100

/** The run that is suggested for a version, of finished runs, the newest first: of the pipeline that is served, if it has one. */
export function runToPublish<Of extends { pipeline?: { id: string } | null }>(done: readonly Of[], served?: string | null): Of | undefined {
  return done.find(({ pipeline }) => served && pipeline?.id === served) ?? done[0]
}
