import { Autocomplete, Button, Group, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { inputsOf, isUsable, LIMITS, type Endpoint, type LimitName } from '../../core/endpoints/endpoints'
import { asApiError, changeEndpoint } from '../../server/rest'
import { endpointKey } from '../../state/endpoints'
import { Failure } from '../../ui/Failure'
import { NumberField } from '../../ui/NumberField'
import { Section } from '../../ui/Section'
import classes from './endpoints.module.css'

type Limits = Record<LimitName, number | string>

/** The description, the limits of requests, and what chooses the version. Every serving process takes a change over within a second. */
export function SettingsTab({ endpoint, edits }: { endpoint: Endpoint; edits: boolean }) {
  const queries = useQueryClient()
  const [description, setDescription] = useState(endpoint.description)
  const [sticky, setSticky] = useState(endpoint.sticky_column)
  const [limits, setLimits] = useState<Limits>(() => Object.fromEntries(LIMITS.map(({ name, times }) => [name, endpoint.limits[name] / times])) as Limits)
  const save = useMutation({
    // Only what was changed here, so that a change by somebody else stays.
    mutationFn: () => changeEndpoint(endpoint.id, {
      ...(description !== endpoint.description && { description }),
      ...(sticky !== endpoint.sticky_column && { sticky_column: sticky }),
      limits: Object.fromEntries(LIMITS.map(({ name, times }) => [name, stored(Number(limits[name]) * times, name)] as const).filter(([name, value]) => value !== endpoint.limits[name])),
    }),
    onSuccess: () => queries.invalidateQueries({ queryKey: endpointKey(endpoint.id) }),
  })
  const columns = [...new Set(endpoint.listed.filter(isUsable).flatMap((version) => inputsOf(version).map(({ name }) => name)))]
  const unknown = sticky !== '' && columns.length > 0 && !columns.includes(sticky)
  const empty = LIMITS.some(({ name }) => limits[name] === '')
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (!empty) save.mutate() }}>
      <Stack gap="lg">
        <Section title="Description"><TextInput aria-label="Description" maxLength={500} maw={640} readOnly={!edits} value={description} onChange={(event) => setDescription(event.currentTarget.value)} /></Section>
        <Section title="Limits" help="What one request may ask for. Every serving process takes a change over within a second.">
          <div className={classes.fields}>
            {LIMITS.map(({ name, title, help, unit, least, most }) => (
              <NumberField
                key={name} label={title} description={help} suffix={unit} min={least} max={most} thousandSeparator="," allowNegative={false} allowDecimal={unit !== undefined} readOnly={!edits}
                value={limits[name]} error={limits[name] === '' ? 'Enter a number.' : null} onChange={(value) => setLimits((now) => ({ ...now, [name]: value }))}
              />
            ))}
          </div>
        </Section>
        <Section title="What chooses the version" help="With several versions, equal values always reach the same one: by the id of the request, or by a column such as the customer.">
          <Autocomplete
            label="Column" placeholder="The id of the request" maw={320} clearable readOnly={!edits} data={columns} value={sticky} onChange={setSticky}
            description={unknown ? 'No version has this input; requests without it are chosen by their id.' : undefined}
          />
        </Section>
        {edits && <Group><Button type="submit" loading={save.isPending} disabled={empty}>Save settings</Button></Group>}
        <div role="status">{save.isSuccess && !save.isPending && 'Saved.'}</div>
        {save.error && <Failure error={asApiError(save.error)} />}
      </Stack>
    </form>
  )
}

/** Times may be parts of a second; all else is whole. */
const stored = (value: number, name: LimitName) => (name === 'seconds' ? value : Math.round(value))
