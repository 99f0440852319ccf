export { Limits } from './Limits'
export { StoreUse } from './StoreUse'
