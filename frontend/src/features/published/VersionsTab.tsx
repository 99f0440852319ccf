import { Button, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { Published, PublishedVersion } from '../../core/published/published'
import { asApiError, getDefaults, moveDefault } from '../../server/rest'
import { publishedKey } from '../../state/published'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { Timestamp } from '../../ui/Timestamp'

/** The versions of a published pipeline, which is the default, and its history. */
export function VersionsTab({ published, edits }: { published: Published; edits: boolean }) {
  const queries = useQueryClient()
  const move = useMutation({
    mutationFn: (version: number) => moveDefault(published.id, { version, expected: published.default }),
    onSettled: () => queries.invalidateQueries({ queryKey: publishedKey(published.id) }),
  })
  return (
    <Stack gap="lg">
      <Section title="Versions" help="A version never changes. To go back, make an earlier version the default.">
        {move.error && <Failure error={asApiError(move.error)} />}
        <div className={list.scroller}>
          <table className={list.list}>
            <thead><tr><th scope="col">Version</th><th scope="col">Inputs</th><th scope="col">Parameters</th><th scope="col" data-wide>Results</th><th scope="col" data-wide>From</th><th scope="col" data-wide>Published</th><td /></tr></thead>
            <tbody>{published.listed.map((version) => <Row key={version.number} version={version} isDefault={version.number === published.default} onMove={edits ? move.mutate : null} />)}</tbody>
          </table>
        </div>
      </Section>
      <History published={published} />
    </Stack>
  )
}

function Row({ version, isDefault, onMove }: { version: PublishedVersion; isDefault: boolean; onMove: ((number: number) => void) | null }) {
  return (
    <tr>
      <th scope="row">Version {version.number}{isDefault && ' (default)'}</th>
      <td className={list.wrapped}>{Object.keys(version.inputs).join(', ') || '—'}</td>
      <td className={list.wrapped}>{Object.keys(version.parameters).join(', ') || '—'}</td>
      <td data-wide className={list.wrapped}>{version.results.map(({ name, save_as }) => (save_as ? `${name} → ${save_as}` : name)).join(', ')}</td>
      <td data-wide className={list.wrapped}>{version.pipeline ? <Link href={`/pipelines/${version.pipeline}`}>{version.source}</Link> : version.source}</td>
      <td data-wide className={list.soft}><Timestamp at={version.created_at} /> by {version.by}</td>
      <td data-actions>{onMove && !isDefault && <Button data-once size="compact-xs" variant="subtle" color="gray" aria-label={`Make version ${version.number} the default`} onClick={() => onMove(version.number)}>Make default</Button>}</td>
    </tr>
  )
}

function History({ published }: { published: Published }) {
  const moves = useQuery({ queryKey: [...publishedKey(published.id), 'moves', published.default], queryFn: () => getDefaults(published.id) })
  return (
    <Section title="History" help="Every move of the default: who, when and why.">
      <QueryBoundary query={moves}>
        {(all) => (
          <div className={list.scroller}>
            <table className={list.list}>
              <thead><tr><th scope="col">When</th><th scope="col">From</th><th scope="col">To</th><th scope="col" data-wide>By</th><th scope="col" data-wide>Reason</th></tr></thead>
              <tbody>
                {all.map((move) => (
                  <tr key={move.at}>
                    <td className={list.soft}><Timestamp at={move.at} /></td>
                    <td>{move.before === 0 ? '—' : `Version ${move.before}`}</td>
                    <td>Version {move.after}</td>
                    <td data-wide>{move.by}</td>
                    <td data-wide className={list.wrapped}>{move.why}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </QueryBoundary>
    </Section>
  )
}
