import { Button, Group, Input, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { atLeast, type Workspace } from '../../core/team/people'
import { LIMIT_FIELDS, limitText, limitWords, rangeWords, readLimit, type Limits as Figures, type WorkspaceLimits } from '../../core/team/quota'
import { asApiError, changeLimits, getLimits } from '../../server/rest'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'

/** The limits of the workspace: admins change them, others see them. */
export function Limits({ workspace }: { workspace: Workspace }) {
  const limits = useQuery({ queryKey: ['limits', workspace.id], queryFn: () => getLimits(workspace.id) })
  return (
    <Section title="Limits" help="They apply to every member. A run keeps the limits it started with.">
      <QueryBoundary query={limits}>{(found) => (atLeast(workspace.role, 'admin') ? <Form workspace={workspace.id} limits={found} /> : <Shown limits={found.in_force} />)}</QueryBoundary>
    </Section>
  )
}

function Shown({ limits }: { limits: Figures }) {
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <tbody>{LIMIT_FIELDS.map((field) => <tr key={field.name}><th scope="row">{field.title}</th><td>{limitWords(limits, field)}</td></tr>)}</tbody>
      </table>
    </div>
  )
}

const textsOf = (limits: Figures) => Object.fromEntries(LIMIT_FIELDS.map((field) => [field.name, limitText(limits, field)])) as Record<keyof Figures, string>

function Form({ workspace, limits: { own, installation } }: { workspace: string; limits: WorkspaceLimits }) {
  const queries = useQueryClient()
  const [texts, setTexts] = useState(() => textsOf(own))
  const read = LIMIT_FIELDS.map((field) => [field.name, readLimit(texts[field.name], field, installation)] as const)
  const wrong = new Set(read.filter(([, value]) => value === undefined).map(([name]) => name))
  const changed = read.filter(([name, value]) => value !== (own[name] ?? null))
  const save = useMutation({
    mutationFn: () => changeLimits(workspace, Object.fromEntries(changed)),
    onSuccess: (now) => {
      queries.setQueryData(['limits', workspace], now)
      setTexts(textsOf(now.own))
      void queries.invalidateQueries({ queryKey: ['store', workspace] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wrong.size === 0) save.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={640}>
        {LIMIT_FIELDS.map((field) => (
          <div key={field.name}>
            <Group gap="xs" align="center" wrap="nowrap">
              <Input.Label htmlFor={`limit-${field.name}`} w={150}>{field.title}</Input.Label>
              <TextInput
                id={`limit-${field.name}`} w={110} inputMode="decimal" placeholder={limitWords(installation, field).toLowerCase()} className="figures" error={wrong.has(field.name)} value={texts[field.name]}
                aria-describedby={`limit-${field.name}-words`} onChange={(event) => setTexts({ ...texts, [field.name]: event.currentTarget.value })}
              />
              <Text fz={13} c="dimmed">{field.unit}</Text>
            </Group>
            <Text id={`limit-${field.name}-words`} fz={12} c={wrong.has(field.name) ? 'var(--state-failed)' : 'dimmed'} mt={2}>
              {wrong.has(field.name) ? rangeWords(field, installation) : field.help}
            </Text>
          </div>
        ))}
        {save.error && <Failure error={asApiError(save.error)} />}
        <Group><Button type="submit" loading={save.isPending} disabled={changed.length === 0 || wrong.size > 0}>Save limits</Button></Group>
      </Stack>
    </form>
  )
}
