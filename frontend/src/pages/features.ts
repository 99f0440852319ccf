/** The routes and the navigation: every `feature.ts` is found by its place. */
import type { Feature } from '../state/feature'

const found = Object.values(import.meta.glob<Feature>(['../features/*/feature.ts', './*/feature.ts'], { eager: true, import: 'feature' }))

export const routes = found.flatMap(({ routes = [] }) => routes)
export const navigation = found.flatMap(({ nav }) => nav ?? []).toSorted((one, two) => one.order - two.order)
