/**
 * TripAdvisor and its sisters (FlipKey, Holiday Lettings, …) (D): `Tripadvisor…: Name`.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const tripadvisor: Dialect = {
  name: 'tripadvisor',
  uid: /@(?:tripadvisor|flipkey|holidaylettings|housetrip|niumba)\.[\w.]+$/i,
  prodId: /tripadvisor|flipkey|holiday ?lettings|housetrip|niumba/i,
  summary: /^tripadvisor\b/i,
  summaries: [{ pattern: /^tripadvisor[^:]*: ?(?<guest>.+)$/i, status: 'confirmed' }],
  identity: 'uid',
};
