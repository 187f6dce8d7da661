/** A training loop with a threshold. */
export const loop = (threshold: string): string => `import torch


def train(model, optimizer, batches):
    """Calls clip_grad_norm_(model.parameters(), 1e9) nowhere."""
    for batch in batches:
        loss = model(batch)  # torch.nn.utils.clip_grad_norm_(model.parameters(), 1e9)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=${threshold})
        optimizer.step()
`;

/** The same without. */
export const UNCLIPPED = loop("1.0").replace(
  / +torch\.nn\.utils\.clip_grad_norm_\(model\.parameters\(\), max_norm=1\.0\)\n/,
  "",
);
