import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { isUsable, sharesProblem, type Endpoint, type Shares } from '../../core/endpoints/endpoints'
import { asApiError, moveShares, rollBack } from '../../server/rest'
import { endpointKey } from '../../state/endpoints'
import { Failure } from '../../ui/Failure'
import { NumberField } from '../../ui/NumberField'
import { Section } from '../../ui/Section'

/** How requests are split among the versions, and the way back. A request stays on the version that its id, or the endpoint's column, chooses. */
export function SharesForm({ endpoint }: { endpoint: Endpoint }) {
  const queries = useQueryClient()
  const usable = endpoint.listed.filter(isUsable)
  const [shares, setShares] = useState<Shares>(() => Object.fromEntries(usable.map(({ number, share }) => [number, share])))
  const [why, setWhy] = useState('')
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: endpointKey(endpoint.id) }) }
  const move = useMutation({ mutationFn: () => moveShares(endpoint.id, { shares, revision: endpoint.revision, why }), ...settled })
  const back = useMutation({ mutationFn: () => rollBack(endpoint.id, why), ...settled })
  const error = move.error ?? back.error
  const problem = sharesProblem(shares)
  const changed = usable.some(({ number, share }) => (shares[number] ?? 0) !== share)
  if (usable.length === 0) return null
  return (
    <Section title="Share of the requests" help={`The same ${endpoint.sticky_column ? `“${endpoint.sticky_column}”` : 'request id'} always goes to the same version.`}>
      <form onSubmit={(event) => { event.preventDefault(); if (!problem) move.mutate() }}>
        <Stack gap="xs">
          <Group gap="sm" align="flex-end">
            {usable.map(({ number }) => (
              <NumberField
                key={number} label={`Version ${number}`} suffix={'\u00a0%'} w={120} min={0} max={100} allowDecimal={false} value={shares[number] ?? 0}
                onChange={(value) => setShares((now) => ({ ...now, [number]: Number(value) }))}
              />
            ))}
            <TextInput label="Reason" w={240} value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
            <Button type="submit" variant="default" loading={move.isPending} disabled={problem !== null || !changed}>Move</Button>
            {endpoint.rollback !== null && <Button data-once loading={back.isPending} onClick={() => back.mutate()}>Roll back to version {endpoint.rollback}</Button>}
          </Group>
          <div role="status">{problem && changed && <Text size="sm" c="red">{problem}</Text>}</div>
          {error && <Failure error={asApiError(error)} />}
        </Stack>
      </form>
    </Section>
  )
}
