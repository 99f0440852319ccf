/** The record of a sub-pipeline that is an instance of a component: which version, and the ids of its parts in the component. */
import { isRecord } from '../base/json'
import type { Group } from './graph'

export type Origin = NonNullable<Group['component']>

/** Reads the record leniently; what is malformed is no record. */
export function readOrigin(value: unknown): Origin | undefined {
  if (!isRecord(value) || typeof value.id !== 'string' || typeof value.version !== 'number') return undefined
  const parts = Object.entries(isRecord(value.parts) ? value.parts : {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return { id: value.id, version: value.version, parts: Object.fromEntries(parts) }
}

/** A group whose parts have other ids now; parts that are gone are left out. */
export function renamedOrigin(group: Group, names: ReadonlyMap<string, string>): Group {
  if (!group.component) return group
  const parts = Object.entries(group.component.parts ?? {}).flatMap(([here, there]) => (names.has(here) ? [[names.get(here), there]] : []))
  return { ...group, component: { ...group.component, parts: Object.fromEntries(parts) as Record<string, string> } }
}
