"""A small Gradio application: one function from text to text, one from picture to picture."""

import os
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

import gradio as gr
from PIL import Image, ImageOps

OUTPUT_DIR = Path(os.environ.get("INSTANCE_OUTPUT_DIR", "."))
TONES = {
    "Dusk": ("#1b1f4b", "#f0876b", "#fff1d6"),
    "Ocean": ("#0b2545", "#45c4b0", "#f4ffe8"),
    "Sepia": ("#2b1d0e", "#a67c52", "#fbf1de"),
}
# The default theme loads its fonts from the internet.
THEME = gr.themes.Soft(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])


def describe(text: str) -> str:
    """Counts what a text is made of."""
    words = text.split()
    common = ", ".join(f"{word} ({count})" for word, count in Counter(map(str.lower, words)).most_common(3))
    lines = [f"{len(text)} characters", f"{len(words)} words", f"{len(text.splitlines())} lines"]
    return "\n".join(lines + ([f"most frequent: {common}"] if common else []))


def tint(picture: Image.Image | None, tone: str) -> Image.Image:
    """Colours a picture in three tones and keeps a copy in the instance's output folder."""
    if picture is None:
        raise gr.Error("Choose a picture first.")
    dark, middle, light = TONES[tone]
    tinted = ImageOps.colorize(ImageOps.grayscale(picture), black=dark, mid=middle, white=light)
    stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S-%f")
    tinted.save(OUTPUT_DIR / f"tint-{stamp}.png")
    return tinted


def build() -> gr.TabbedInterface:
    words = gr.Interface(describe, gr.Textbox(label="Text", lines=5), gr.Textbox(label="Counts"), api_name="describe")
    pictures = gr.Interface(
        tint,
        [gr.Image(label="Picture", type="pil"), gr.Radio(list(TONES), value="Dusk", label="Tone")],
        gr.Image(label="Tinted", type="pil"),
        api_name="tint",
    )
    return gr.TabbedInterface([words, pictures], ["Text", "Picture"], title="Gradio on AiKore")


if __name__ == "__main__":
    # Host, port and prefix come from the GRADIO_… variables that the blueprint sets.
    build().launch(theme=THEME)
