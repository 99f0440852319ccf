import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import { factWords, type ModelComparison } from '../../core/data/models'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'
import classes from './registry.module.css'

/** A column for each version. */
export function Heads({ found, first }: { found: ModelComparison; first: string }) {
  return <thead><tr><th scope="col">{first}</th>{found.versions.map(({ number }) => <th key={number} scope="col" data-number>v{number}</th>)}</tr></thead>
}

const VERDICTS = { same: 'The same as that of the first', compatible: 'Compatible with that of the first', breaking: 'Breaks what uses the first' }

/** Whether each version can stand in for the first. */
export function Signatures({ found }: { found: ModelComparison }) {
  return (
    <Section title="Signatures" help="Whether a version can answer the requests that the first one answers.">
      <dl className={classes.facts}>
        {found.compatibility.slice(1).flatMap((each, at) => {
          const number = found.versions[at + 1]?.number
          return [
            <dt key={`${number} name`}>v{number}</dt>,
            <dd key={number}>{each === null ? 'A version has no signature, so they cannot be compared.' : VERDICTS[each.verdict]}{each?.differences.map(({ column, words }) => <div key={`${column} ${words}`}>{words}</div>)}</dd>,
          ]
        })}
      </dl>
    </Section>
  )
}

const GROUPS = { setting: 'Settings', parameter: 'Parameters', dataset: 'Data', code: 'Code', library: 'Libraries' }

/** Settings, data, code and libraries: what differs, or all. */
export function Facts({ found }: { found: ModelComparison }) {
  const [all, setAll] = useState(false)
  const shown = found.facts.filter(({ differs }) => all || differs)
  return (
    <Section title="What made them" help={found.facts.length === 0 ? 'It is not known: both were imported.' : shown.length === 0 ? 'Settings, data, code and libraries are the same.' : undefined}>
      <Checkbox size="xs" mb="xs" label="Also show what is the same" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
      {shown.length > 0 && (
        <div className={list.scroller} tabIndex={0} role="region" aria-label="What made them">
          <table className={list.list}>
            <Heads found={found} first="Fact" />
            <tbody>
              {shown.map(({ group, name, values, differs }) => (
                <tr key={`${group} ${name}`}>
                  <th scope="row">{name} <span className={classes.small}>{GROUPS[group as keyof typeof GROUPS] ?? group}</span></th>
                  {values.map((value, at) => <td key={at} data-number><span className={`${classes.value} ${differs && at > 0 && factWords(value) !== factWords(values[0]) ? classes.differs : ''}`} title={factWords(value)}>{factWords(value)}</span></td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  )
}
