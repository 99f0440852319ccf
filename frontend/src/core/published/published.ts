/** Published pipelines: their versions, and the programs that start a run. */
import type { Schemas } from '../base/schemas'
import type { Params } from '../base/json'
import type { Parameter } from '../graph/parameters'

export type Published = Schemas['PublishedPipeline']
export type PublishedBrief = Schemas['PublishedBrief']
export type PublishedVersion = Schemas['PublishedVersionBrief']
export type PublishedRun = Schemas['PublishedRun']
export type PublishedKey = Schemas['PublishedKey']
/** A dataset that an input has, by its name, and the version; null for the newest. */
export type ChosenInputs = Record<string, { dataset: string; version: number | null }>

const OVER = new Set(['done', 'failed', 'cancelled', 'deleted'])

/** Whether anything of a run may still change: it is going, or its results are not saved yet. */
export const isOpen = (run: PublishedRun) => !OVER.has(run.state) || !run.saved

export const defaultOf = (published: Published): PublishedVersion | undefined => published.listed.find(({ number }) => number === published.default)

/** The body of a request that starts a run: what differs from the defaults. */
export function requestOf(parameters: Params, inputs: ChosenInputs): Record<string, unknown> {
  const chosen = Object.entries(inputs).filter(([, { dataset }]) => dataset !== '').map(([name, { dataset, version }]) => [name, version === null ? { dataset } : { dataset, version }])
  return {
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(chosen.length > 0 && { inputs: Object.fromEntries(chosen) as Record<string, unknown> }),
  }
}

/** An example of a request: the first parameters with their defaults, and the datasets of the inputs. */
export function exampleOf(version: PublishedVersion | undefined): Record<string, unknown> {
  const parameters = Object.entries((version?.parameters ?? {}) as Record<string, Parameter>).map(([name, { default: value }]) => [name, value ?? null] as const)
  const inputs = Object.entries(version?.inputs ?? {}).map(([name, input]) => [name, { dataset: input.dataset ?? 'my_dataset', version: null }] as const)
  return requestOf(Object.fromEntries(parameters) as Params, Object.fromEntries(inputs))
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

export const LANGUAGES = ['curl', 'curl with a file', 'Python'] as const
export type Language = (typeof LANGUAGES)[number]

/** A program that starts a run and follows it, with a placeholder for the key. */
export function program(language: Language, base: string, address: string, version: PublishedVersion | undefined): string {
  const body = JSON.stringify(exampleOf(version))
  const [input = 'rows'] = Object.keys(version?.inputs ?? {})
  const [result = 'result'] = (version?.results ?? []).map(({ name }) => name)
  switch (language) {
    case 'curl':
      return `curl ${base}${address} \\\n  -H 'Authorization: Bearer YOUR_KEY' \\\n  -H 'Content-Type: application/json' \\\n  -H 'Idempotency-Key: a-name-of-this-request' \\\n  -d ${quoted(body)}`
    case 'curl with a file':
      return `curl ${base}${address} \\\n  -H 'Authorization: Bearer YOUR_KEY' \\\n  -H 'Idempotency-Key: a-name-of-this-request' \\\n  -F ${quoted(`${input}=@my_file.csv`)} \\\n  -F 'request={}'`
    case 'Python':
      return `import time\nimport uuid\n\nimport requests\n\nsession = requests.Session()\nsession.headers["Authorization"] = "Bearer YOUR_KEY"\n\nrun = session.post(\n    "${base}${address}",\n    json=${body.replaceAll(':null', ':None').replaceAll(':true', ':True').replaceAll(':false', ':False')},\n    headers={"Idempotency-Key": str(uuid.uuid4())},\n).json()\nwhile not run["saved"]:\n    time.sleep(2)\n    run = session.get("${base}" + run["follow"]).json()\nprint(run["state"], run["error"])\nfor result in run["results"]:\n    if result["name"] == "${result}":\n        rows = session.get("${base}" + result["address"], params={"as": "csv"})\n        print(rows.text[:500])`
  }
}
