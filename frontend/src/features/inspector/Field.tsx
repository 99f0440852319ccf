/** One setting: name, help, control, reset to the default, and problems. */
import { ActionIcon, Text, Tooltip } from '@mantine/core'
import { IconInfoCircle, IconRestore } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { paramValue, type Param } from '../../core/catalogue/catalogue'
import type { Json, Params } from '../../core/base/json'
import { wordsWithoutSubject } from '../../core/base/problems'
import { defaultWords } from '../../core/catalogue/settings'
import { useArrivingColumns, useCheck } from '../../state/check'
import { setParam } from '../../state/edit'
import { useView } from '../../state/view'
import { controls } from './controls'
import classes from './Inspector.module.css'

interface Props {
  node: string
  param: Param
  params: Params
  readOnly: boolean
}

/** Scrolls into view and highlights after a click on its problem. */
function useSpotlight(node: string, name: string) {
  const row = useRef<HTMLDivElement>(null)
  const lit = useView((view) => view.spotlight?.node === node && view.spotlight.param === name)
  useEffect(() => {
    if (!lit) return
    row.current?.scrollIntoView({ block: 'center' })
    row.current?.querySelector<HTMLElement>('input, textarea, button, [contenteditable]')?.focus()
    const timer = setTimeout(() => useView.setState({ spotlight: null }), 1600)
    return () => clearTimeout(timer)
  }, [lit])
  return { row, lit }
}

interface HeadProps {
  param: Param
  id: string
  value: Json
  readOnly: boolean
  onReset(): void
}

export function FieldHead({ param, id, value, readOnly, onReset }: HeadProps) {
  const changed = JSON.stringify(value) !== JSON.stringify(param.default ?? null)
  return (
    <div className={classes.fieldHead}>
      <label htmlFor={id}>{param.title}{param.required && <span aria-label="required"> *</span>}</label>
      <Tooltip label={<>{param.help}<br /><em>{defaultWords(param)}</em></>} position="left">
        <span className={classes.mark} aria-hidden><IconInfoCircle size={14} stroke={1.7} /></span>
      </Tooltip>
      {changed && !readOnly && (
        <Tooltip label={`Reset to default. ${defaultWords(param)}`} position="left">
          <ActionIcon size={18} ml="auto" variant="transparent" onClick={onReset} aria-label={`Reset ${param.title}`}><IconRestore size={14} stroke={1.7} /></ActionIcon>
        </Tooltip>
      )}
    </div>
  )
}

/** The help of a focused setting, also for screen readers. */
export const helpWords = (param: Param) => [param.help, defaultWords(param)].filter(Boolean).join(' ')

export function Field({ node, param, params, readOnly }: Props) {
  const id = `setting-${node}-${param.name}`
  const Control = controls[param.kind]
  const columns = useArrivingColumns(node, param.port)
  const problems = useCheck((state) => state.byNode[node])?.filter((problem) => problem.param === param.name) ?? []
  const { row, lit } = useSpotlight(node, param.name)
  const value = paramValue(param, params)
  const set = (next: Json | undefined) => setParam(node, param.name, next)
  return (
    <div ref={row} className={classes.field} role="group" aria-description={helpWords(param)} data-help={helpWords(param)} data-lit={lit || undefined}>
      <FieldHead param={param} id={id} value={value} readOnly={readOnly} onReset={() => set(undefined)} />
      <Control id={id} param={param} value={value} onChange={set} columns={columns} readOnly={readOnly} />
      {problems.map((problem, at) => (
        <Text key={at} fz={12} className={classes.problem} data-severity={problem.severity} role="alert">{wordsWithoutSubject(problem, 2)} {problem.severity !== 'unfinished' && problem.remedy}</Text>
      ))}
    </div>
  )
}
