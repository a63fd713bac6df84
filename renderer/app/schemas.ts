import { config } from 'zod'

/**
 * Schemas are interpreted, never compiled: zod would try `new Function`, which the content policy forbids and reports. This module is
 * imported before any that makes a schema.
 */
config({ jitless: true })
