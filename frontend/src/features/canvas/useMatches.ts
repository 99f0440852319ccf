/** The modules that the search box lists, and what it asks for. */
import { useMemo } from 'react'
import { findModules, type Catalogue, type Module } from '../../core/catalogue/catalogue'
import { preferredPort } from '../../core/graph/connect'
import { splitEdge } from '../../core/graph/insert'
import { useCatalogue } from '../../state/catalogue'
import { currentDrawing, withFolded } from '../../state/drawn'
import type { SearchBox as Asked } from '../../state/view'

const MOST = 60

export function wantedWords({ joined, onto }: Asked, catalogue: Catalogue): string {
  if (joined) return `Modules that ${joined.side === 'output' ? 'accept' : 'return'} ${catalogue.kind(joined.kind).words}`
  return onto ? 'Insert a module' : 'Add a module'
}

/** Whether a module fits where it was asked for; null where any does. */
function fitsWhere({ joined, onto, after }: Asked, catalogue: Catalogue): ((module: Module) => boolean) | null {
  if (joined) return (module) => preferredPort(module, joined.kind, joined.side) !== undefined
  if (onto) return (module) => splitEdge(currentDrawing(), catalogue, '', module.id, onto) !== null
  const gives = catalogue.module(currentDrawing().nodes[after ?? '']?.module ?? '')?.outputs ?? []
  return gives.length > 0 ? (module) => gives.some(({ kind }) => preferredPort(module, kind, 'output')) : null
}

interface Group {
  title: string
  modules: Module[]
}

/** Until something is typed, what works on the data comes before what takes it out. */
const takesOut = ({ shelf }: Module) => shelf === 'data'
const leadingOn = (modules: Module[]) => [...modules.filter((module) => !takesOut(module)), ...modules.filter(takesOut)]

/** What fits comes first until something is typed, and is all there is for a wire. */
export function useMatches(asked: Asked, query: string): Group[] {
  const catalogue = withFolded(useCatalogue())
  return useMemo(() => {
    const fits = fitsWhere(asked, catalogue)
    const found = findModules(catalogue.modules, query).slice(0, MOST)
    const only = asked.joined !== undefined || asked.onto !== undefined
    if (!fits || (query.trim() && !only)) return [{ title: '', modules: found }]
    const matching = only ? findModules(catalogue.modules.filter(fits), query).slice(0, MOST) : found.filter(fits)
    const fitting = query.trim() ? matching : leadingOn(matching)
    const groups = [{ title: `Matching modules (${fitting.length})`, modules: fitting }, { title: 'Other modules', modules: only ? [] : found.filter((module) => !fits(module)) }]
    return groups.filter(({ modules }) => modules.length > 0)
  }, [catalogue, asked, query])
}
