import type { Module, Param } from '../../core/catalogue/catalogue'
import { readRules, rulesWords } from '../../core/catalogue/columnRules'
import { boundsWords, defaultWords } from '../../core/catalogue/settings'
import { Box } from '../../ui/Box'
import list from '../../ui/list.module.css'
import { InlineProse } from '../../ui/Prose'
import classes from './help.module.css'

const LONG = 60

function defaultOf(param: Param): string {
  if (param.required) return 'Required'
  if (param.kind === 'columns') return rulesWords(readRules(param.default)) || 'none'
  const words = defaultWords(param).replace(/^Default: /, '')
  return words.length > LONG || words.includes('\n') ? 'See the form' : words
}

/** When the setting counts: only while another has one of some values. */
function conditionOf({ shown_when: when }: Param, { params }: Pick<Module, 'params'>): string {
  const other = params.find(({ name }) => name === when?.param)
  if (!when || !other) return ''
  const titles = when.is.map((value) => (typeof value === 'boolean' ? (value ? 'on' : 'off') : (other.choices?.find((choice) => choice.value === value)?.title ?? String(value))))
  return `Only where ${other.title} is ${titles.join(' or ')}.`
}

export function Settings({ module }: { module: Pick<Module, 'params'> }) {
  if (module.params.length === 0) return <Box title="Settings"><p className={classes.none}>This module has no settings.</p></Box>
  return (
    <Box title="Settings">
      <div className={classes.scroller} tabIndex={0} role="region" aria-label="Table of settings">
        <table className={list.list}>
          <thead><tr><th scope="col">Setting</th><th scope="col">Default</th><th scope="col">What it does</th></tr></thead>
          <tbody>
            {module.params.map((param) => (
              <tr key={param.name}>
                <th scope="row">{param.title}<code className={classes.name}>{param.name}</code></th>
                <td className={classes.default}>{defaultOf(param)}{boundsWords(param) && <span className={classes.soft}>{boundsWords(param)}</span>}</td>
                <td className={list.wrapped}>
                  <InlineProse text={param.help} />
                  {param.choices && param.choices.length > 0 && <span className={classes.soft}>Choices: {param.choices.map(({ title }) => title).join('; ')}.</span>}
                  {param.shown_when && <span className={classes.soft}>{conditionOf(param, module)}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Box>
  )
}
