/** The module catalogue, as the server declares it. */
import type { Schemas } from '../base/schemas'
import type { Json, Params } from '../base/json'

/** A kind of value on an edge: everything that the canvas knows of it. */
export type PortKind = Schemas['PortKind']
type Declared = Schemas['Param']
export type ParamKind = Declared['kind']
/** A setting of a module, or one of the canvas itself, which leaves out what does not apply. */
export type Param = Partial<Declared> & Pick<Declared, 'name' | 'title' | 'kind' | 'default' | 'required' | 'nullable' | 'help'>
export type InputPort = Schemas['Port']
export type OutputPort = Pick<InputPort, 'name' | 'title' | 'kind' | 'help'>
export type Module = Omit<Schemas['Module'], 'params' | 'outputs'> & { params: Param[]; outputs: OutputPort[] }
export type Extra = Schemas['Extra']
export type Shelf = Schemas['Shelf']
export type Palette = { kinds: PortKind[]; shelves: Shelf[]; modules: Module[] }

export interface Catalogue {
  shelves: Shelf[]
  modules: Module[]
  module(id: string): Module | undefined
  kind(id: string): PortKind
  hue(shelf: string): number
  defaults(module: string): Params
}

/** The drag data type of a module dragged from a list to the canvas. */
export const MODULE_DRAG = 'application/x-easel-module'
export const COMPONENT_DRAG = 'application/x-easel-component'

/** A kind that the palette does not list: of a run by another version, or before the palette is loaded. */
const unlisted = (id: string): PortKind =>
  ({ id, words: id.replaceAll('_', ' '), icon: 'M1 1h10v10H1Z', hollow: true, colours: { light: 'var(--state-idle)', dark: 'var(--state-idle)' }, downloads: [], savable: false, registrable: false })

export function readCatalogue(palette: Palette): Catalogue {
  const byId = new Map(palette.modules.map((module) => [module.id, module]))
  const kinds = new Map(palette.kinds.map((kind) => [kind.id, kind]))
  const hues = new Map(palette.shelves.map((shelf) => [shelf.id, shelf.hue]))
  const defaults = new Map(
    palette.modules.map((module) => [module.id, Object.fromEntries(module.params.map((param) => [param.name, param.default ?? null]))]),
  )
  return {
    shelves: palette.shelves,
    modules: palette.modules,
    module: (id) => byId.get(id),
    kind: (id) => kinds.get(id) ?? unlisted(id),
    hue: (shelf) => hues.get(shelf) ?? 220,
    defaults: (module) => defaults.get(module) ?? {},
  }
}

/** The extra that a module needs and this installation lacks. */
export const missingExtra = (module: Pick<Module, 'extra'> | undefined): Extra | null => (module?.extra && !module.extra.installed ? module.extra : null)
export const missingExtraWords = ({ name }: Extra) => `Needs the extra “${name}”, which is not installed.`

export const paramValue = (param: Param, params: Params): Json => params[param.name] ?? param.default ?? null

export const differs = (param: Param, value: Json): boolean => JSON.stringify(value) !== JSON.stringify(param.default ?? null)
export const isChanged = (param: Param, params: Params): boolean => differs(param, paramValue(param, params))

/** A setting is shown only where the value of another setting makes it relevant. */
export function isShown(param: Param, module: Module, params: Params): boolean {
  const when = param.shown_when
  if (!when) return true
  const other = module.params.find((each) => each.name === when.param)
  return other !== undefined && isShown(other, module, params) && when.is.includes(paramValue(other, params))
}

/** An option's value; null is one of its own: “none” in place of a default that is a number. */
export const optionValue = (field: Param, values: Params): Json => (field.name in values ? values[field.name] : field.default) ?? null

/** The fields of a form that matter, given the values in it. */
export function shownFields(fields: readonly Param[], values: Params): Param[] {
  return fields.filter(({ shown_when: when }) => {
    const other = fields.find(({ name }) => name === when?.param)
    return !when || (other !== undefined && when.is.includes(optionValue(other, values)))
  })
}

function rank(module: Module, words: string[]): number {
  const title = module.title.toLowerCase()
  const aliases = module.aliases.join(' ').toLowerCase()
  const rest = `${module.summary} ${module.id}`.toLowerCase()
  let total = 0
  for (const word of words) {
    if (title.startsWith(word)) total += 8
    else if (title.includes(` ${word}`)) total += 6
    else if (title.includes(word)) total += 4
    else if (aliases.includes(word)) total += 3
    else if (rest.includes(word)) total += 1
    else return 0
  }
  return total
}

/** Modules that match every word, best first: title, then alias, then description; of equals the shorter title, which is nearer to what was typed. */
export function findModules(modules: readonly Module[], query: string): Module[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...modules]
  return modules
    .map((module) => ({ module, score: rank(module, words) }))
    .filter(({ score }) => score > 0)
    .sort((one, two) => two.score - one.score || one.module.title.length - two.module.title.length)
    .map(({ module }) => module)
}
