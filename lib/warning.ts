/** What a run went on in spite of, and a user must know. docs/outputs.md#warnings says what to do about each. */
export type WarningKind =
  | "rowRejected" // a row of the station table that cannot be used
  | "rowsEmpty" // rows dropped because a cell is empty
  | "encodingGuessed" // the text encoding of the station table is not certain
  | "coordinatesSwapped" // latitudes that look like longitudes, and the other way round
  | "idsFromNumbers" // ids that a spreadsheet seems to have turned into numbers
  | "cellMissing" // the station's cell has no observations at all: sea, or no data
  | "monthsMissing" // the station's cell lacks some months
  | "forecastMissing" // the forecast has no value at the station
  | "cellFar" // the nearest cell is farther than 1.5 cells, or 400 km, away
  | "cellTooFar" // the nearest cell is so far away that the station was not written
  | "historyBehind" // the observations end before the month before now
  | "historyGap" // months without a field between the first and the last
  | "historyRepeats" // more than one field for a month
  | "historyOverlapsForecast" // the forecast month is among the observed ones
  | "rowsNotRising" // a row of the series is not later than the one before
  | "forecastNotMonthly" // leads that are not whole months
  | "unitsMissing" // observations or forecast without units, so that they may differ
  | "unitsOverridden" // the product says other units than the file
  | "initialisationsMissing" // the forecast is the mean of fewer files than there should be
  | "hindcastYears" // fewer years of hindcasts than make a climatology
  | "baseUnknown" // nobody says which years the forecast's anomalies are relative to
  | "baseOverridden" // the product says other base years of the forecast than the file
  | "baseDiffers" // the forecast's anomalies are relative to other years than the observations'
  | "forecastNameDiffers" // the dates in the forecast's file name are not those in the file
  | "valueInfinite" // infinite values among the observations or the forecast of the station
  | "baselineIncomplete" // months of the baseline years without a field
  | "baselineSparse" // cells with too few baseline years for a climatology
  | "timeMoved" // dates of a model calendar that the real one lacks
  | "pageMissing" // the run's page could not be written
  | "indexMissing"; // the index of all runs could not be renewed

export interface Warning {
  readonly kind: WarningKind;
  /** What was found, a sentence. */
  readonly message: string;
  /** Id of the station that it is about. */
  readonly station?: string;
  /** Row of the station table, counted from 1 as a spreadsheet does. */
  readonly row?: number;
  /** Centre of the cell that it is about, degrees. */
  readonly cell?: { readonly lat: number; readonly lon: number };
  /** From the station to the centre of its cell. */
  readonly distanceKm?: number;
}

/** `a, b, c and 4 more`: the first of many. */
export function listed(values: readonly (string | number)[], most: number): string {
  const first = values.slice(0, most).join(", ");
  return values.length <= most ? first : `${first} and ${values.length - most} more`;
}

/** `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
