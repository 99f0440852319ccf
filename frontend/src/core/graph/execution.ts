/** Execution settings of a node: target, retries, limits. Part of the document; they do not change results. */
import type { Param } from '../catalogue/catalogue'
import { isRecord, type Json } from '../base/json'
import { counted } from '../base/numbers'
import type { Execution, Target } from './graph'

/** Reads the execution settings of a document, leniently; undefined when there are none. */
export const readExecution = (value: unknown): Execution | undefined => (isRecord(value) && Object.keys(value).length > 0 ? value : undefined)

/** With one value changed; `undefined` restores the default. */
export function withExecution(before: Execution | undefined, key: keyof Execution, value: Json | undefined): Execution {
  const after = { ...before, [key]: value }
  if (value === undefined || value === null) delete after[key]
  return after as Execution
}

export const TARGET_WORDS: Record<Target, string> = {
  worker: 'In the worker process. This is the fastest, because nothing has to start.',
  sandbox: 'Isolated from the machine: no network, and only its own files. It can use the packages of an environment.',
  docker: 'In a Docker container, with the packages of an environment.',
  ray: 'In the worker process, and the items of the step, such as folds or trials, on the Ray cluster.',
}

export interface ExecutionSetting extends Param {
  name: keyof Execution
  unit?: string
  /** The value is inherited from the pipeline. */
  inherited?: boolean
}

const BASE = { required: false, nullable: true } as const

/** The execution settings in order; the same kinds of control as a module's settings. */
export const EXECUTION_SETTINGS: readonly ExecutionSetting[] = [
  {
    ...BASE, name: 'target', title: 'Run on', kind: 'choice', default: 'worker', nullable: false, help: 'Where the step is executed.',
    choices: [{ value: 'worker', title: 'Worker' }, { value: 'sandbox', title: 'Sandbox' }, { value: 'docker', title: 'Container' }, { value: 'ray', title: 'Ray cluster' }],
  },
  { ...BASE, name: 'environment', title: 'Environment', kind: 'choice', default: null, help: 'Packages in addition to those of Easel. Create environments on the Team page.' },
  { ...BASE, name: 'retries', title: 'Retries', kind: 'integer', default: 0, nullable: false, min: 0, max: 10, unit: 'times', help: 'How many times a step is retried after a temporary failure, such as a lost connection. Other failures are final.' },
  { ...BASE, name: 'backoff_seconds', title: 'Retry delay', kind: 'number', default: 2, nullable: false, min: 0.1, max: 3600, unit: 'seconds', help: 'The delay before the first retry. Each delay after that is twice as long.' },
  { ...BASE, name: 'timeout_seconds', title: 'Time limit', kind: 'number', default: null, min: 1, max: 604_800, unit: 'seconds', help: 'The step is stopped when it takes longer. If empty, the workspace limit applies.' },
  { ...BASE, name: 'memory_mb', title: 'Memory limit', kind: 'integer', default: null, min: 64, max: 1_048_576, unit: 'MB', help: 'The step is stopped when it needs more. If empty, the workspace limit applies.' },
]

/** The default target of a module: user code never runs in the worker itself. */
export const defaultTarget = (runsCode: boolean): Target => (runsCode ? 'sandbox' : 'worker')

/** Whether a target is isolated: it runs user code, and packages of an environment. */
const hasPackages = (target: string) => target === 'sandbox' || target === 'docker'

/**
 * The relevant settings: a retry delay only with retries, an environment only where one can be used.
 * Unset values are inherited from the pipeline. A Ray cluster is offered where there is one.
 */
export function executionShown(own: Execution = {}, runsCode = false, all: Execution = {}, hasRay = false): ExecutionSetting[] {
  const { target = defaultTarget(runsCode), retries = 0 } = { ...all, ...own }
  const offered = (value: string) => (runsCode ? hasPackages(value) : value !== 'ray' || hasRay || target === 'ray')
  return EXECUTION_SETTINGS.filter(({ name }) => (name === 'environment' ? hasPackages(target) : name === 'backoff_seconds' ? retries > 0 : true))
    .map((setting) => (setting.name === 'target' ? { ...setting, default: defaultTarget(runsCode), choices: setting.choices?.filter(({ value }) => offered(value)) } : setting))
    .map((setting) => ({ ...setting, default: all[setting.name] ?? setting.default, inherited: all[setting.name] !== undefined && own[setting.name] === undefined }))
}

/** With the available environments as choices, and the selected one though it may not exist. */
export function withEnvironments(setting: ExecutionSetting, names: readonly string[], named: string | undefined): ExecutionSetting {
  const missing = named !== undefined && !names.includes(named) ? [{ value: named, title: `${named} (missing)` }] : []
  return { ...setting, choices: [...names.map((name) => ({ value: name, title: name })), ...missing] }
}

/** The non-default execution settings, in words; empty when there are none. */
export function executionWords({ target, environment, retries = 0, timeout_seconds: seconds, memory_mb: memory }: Execution = {}, runsCode = false): string[] {
  const where = target === 'docker' ? 'In a container' : target === 'sandbox' ? 'In a sandbox' : target === 'ray' ? 'On the Ray cluster' : ''
  const has = environment && hasPackages(target ?? defaultTarget(runsCode)) ? `Environment ${environment}` : ''
  return [
    where && has ? `${where}, environment ${environment}` : where || has, retries > 0 ? `Up to ${counted(retries, 'retry', 'retries')}` : '', seconds === undefined ? '' : `At most ${counted(seconds, 'second')}`,
    memory === undefined ? '' : `At most ${counted(memory, 'MB', 'MB')} of memory`,
  ].filter(Boolean)
}

const TARGET_TITLES: Record<Target, string> = { worker: 'Worker', sandbox: 'Sandbox', docker: 'Container', ray: 'Ray cluster' }

/** Where and within which limits, on one line: "Worker · no limit". */
export function executionLine({ target, environment, retries = 0, timeout_seconds: seconds, memory_mb: memory }: Execution = {}, runsCode = false): string {
  const where = target ?? defaultTarget(runsCode)
  const limits = [seconds === undefined ? '' : `${seconds}\u00a0s`, memory === undefined ? '' : `${memory}\u00a0MB`].filter(Boolean)
  return [
    TARGET_TITLES[where], hasPackages(where) ? environment : '', retries > 0 ? counted(retries, 'retry', 'retries') : '', limits.join(', ') || 'no limit',
  ].filter(Boolean).join(' · ')
}
