/** One setting: its label with help, a mark and a way back when it differs from the default, its control, and its problems. */
import { Tooltip, UnstyledButton } from '@mantine/core'
import { useEffect, useRef, type ReactNode } from 'react'
import { differs, paramValue, type Param } from '../../core/catalogue/catalogue'
import type { Json, Params } from '../../core/base/json'
import { wordsWithoutSubject, type Problem } from '../../core/base/problems'
import { defaultWords, resetWords } from '../../core/catalogue/settings'
import { useArrivingColumns, useCheck } from '../../state/check'
import { useDocument } from '../../state/document'
import { setParam } from '../../state/edit'
import type { SettingPlace } from '../../state/parameters'
import { useView } from '../../state/view'
import { StateMark } from '../../ui/StateMark'
import { controls } from './controls'
import classes from './Inspector.module.css'
import { Driver } from './Driver'
import { ParameterMenu } from './ParameterMenu'
import { Promote } from './Promote'

interface Props {
  node: string
  param: Param
  params: Params
  readOnly: boolean
}

/** Scrolls into view and highlights after a click on its problem. */
export function useSpotlight(node: string, name: string) {
  const row = useRef<HTMLDivElement>(null)
  const lit = useView((view) => view.spotlight?.node === node && view.spotlight.param === name)
  useEffect(() => {
    if (!lit) return
    row.current?.scrollIntoView({ block: 'center' })
    row.current?.querySelector<HTMLElement>(':is(input, textarea, [contenteditable], button):not([data-reset], [data-quiet])')?.focus()
    const timer = setTimeout(() => useView.setState({ spotlight: null }), 1600)
    return () => clearTimeout(timer)
  }, [lit])
  return { row, lit }
}

/** The severity is told by the words; a warning also has its mark. */
export function ProblemLine({ severity, children, ...rest }: { severity: Problem['severity']; children: ReactNode; role?: 'alert' }) {
  return <div className={classes.problem} data-severity={severity} {...rest}>{severity === 'warning' && <StateMark state="warning" size={14} />}<span>{children}</span></div>
}

interface HeadProps {
  param: Param
  id: string
  value: Json
  readOnly: boolean
  onReset(): void
  /** The node, where the setting can be promoted. */
  node?: string
  /** Where a parameter can drive it. */
  place?: SettingPlace
}

/** The help is on the label, which is no tab stop: with the keyboard, the panel's foot shows that of the focused setting. */
export function FieldHead({ param, id, value, readOnly, onReset, node, place }: HeadProps) {
  const changed = differs(param, value)
  const driven = useDocument((state) => place !== undefined && state.nodes[place.node]?.driven?.[place.path] !== undefined)
  const reset = resetWords(param)
  return (
    <div className={classes.fieldHead}>
      {changed && <span className={classes.changed} aria-hidden />}
      <Tooltip label={<>{param.help}<br /><em>{defaultWords(param)}</em></>} position="left">
        <label htmlFor={id}>{param.title}{param.required && <span role="img" aria-label="required"> *</span>}</label>
      </Tooltip>
      {node && !readOnly && <Promote node={node} param={param} />}
      {place && !readOnly && <ParameterMenu place={place} param={param} value={value} />}
      {changed && !readOnly && !driven && <UnstyledButton className={classes.reset} data-reset onClick={onReset} aria-label={`${reset}: ${param.title}`}>{reset}</UnstyledButton>}
    </div>
  )
}

export const FieldProblems = ({ problems }: { problems: readonly Problem[] }) => (
  <>
    {problems.map((problem, at) => (
      <ProblemLine key={at} severity={problem.severity} role="alert">{wordsWithoutSubject(problem, 2)} {problem.severity !== 'unfinished' && problem.remedy}</ProblemLine>
    ))}
  </>
)

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
  const driver = useDocument((state) => state.nodes[node]?.driven?.[param.name])
  return (
    <div ref={row} className={classes.field} role="group" aria-description={helpWords(param)} data-help={helpWords(param)} data-lit={lit || undefined}>
      <FieldHead param={param} id={id} value={value} readOnly={readOnly} onReset={() => set(undefined)} node={node} place={{ node, path: param.name }} />
      <Control id={id} node={node} param={param} value={value} onChange={set} columns={columns} readOnly={readOnly || driver !== undefined} />
      {driver !== undefined && <Driver name={driver} />}
      <FieldProblems problems={problems} />
    </div>
  )
}
