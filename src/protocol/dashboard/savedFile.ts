import * as v from "valibot";

const FILE_FORMATS = ["svg", "png", "csv", "json", "html"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** A file that people asked the dashboard for; the host asks them where it should go. */
export const savedFile = v.object({
  kind: v.literal("save"),
  /** Without folder and ending. */
  name: v.string(),
  format: v.picklist(FILE_FORMATS),
  /** Text as it is; of a PNG its bytes in base64. */
  content: v.string(),
});
export type SavedFile = v.InferOutput<typeof savedFile>;
