/** The routes and the navigation: every `feature.ts` is found by its place. */
import type { Feature } from '../state/feature'

const found = Object.values(import.meta.glob<Feature>(['../features/*/feature.ts', './*/feature.ts'], { eager: true, import: 'feature' }))

/** An address without parts to fill in comes before one that it would fit, such as /runs/compare before /runs/:id. */
export const routes = found.flatMap(({ routes = [] }) => routes).toSorted((one, two) => Number(one.path.includes(':')) - Number(two.path.includes(':')))
export const navigation = found.flatMap(({ nav }) => nav ?? []).toSorted((one, two) => one.order - two.order)
