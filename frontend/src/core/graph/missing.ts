/** What a card still needs, in a few words each. */
import type { Problem } from '../base/problems'
import type { Catalogue, Module, Param } from '../catalogue/catalogue'

const article = (word: string) => (/^[aeiou]/i.test(word) ? 'an' : 'a')

/** “Select a label” for a title of one word; other titles are quoted. */
function setting({ title, kind }: Pick<Param, 'title' | 'kind'>): string {
  const verb = kind === 'column' || kind === 'columns' || kind === 'dataset' || kind === 'connection' || kind === 'choice' ? 'Select' : 'Enter'
  if (kind === 'columns') return `${verb} columns`
  return /^[A-Z][a-z]+$/.test(title) ? `${verb} ${article(title)} ${title.toLowerCase()}` : `${verb} “${title}”`
}

function need(problem: Problem, module: Module, catalogue: Catalogue): string {
  const param = module.params.find(({ name }) => name === problem.param)
  if (param) return setting(param)
  const port = module.inputs.find(({ name }) => name === problem.port)
  if (problem.code === 'extra_missing' && module.extra) return `Needs the extra “${module.extra.name}”`
  if (port) return `Connect ${catalogue.kind(port.kind).words}`
  return (problem.remedy ?? problem.words).replace(/\.$/, '')
}

export function missingWords(problems: readonly Problem[], module: Module | undefined, catalogue: Catalogue): string[] {
  return module ? [...new Set(problems.filter(({ severity }) => severity === 'unfinished').map((problem) => need(problem, module, catalogue)))] : []
}
