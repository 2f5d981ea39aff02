"""The themes as Textual knows them: the colours of look.py under its names."""

from __future__ import annotations

from textual.theme import Theme

from nntui.tui.look import THEMES, Colours


def themes() -> list[Theme]:
    """All of them."""
    return [_theme(colours) for colours in THEMES.values()]


def defaults() -> dict[str, str]:
    """The variables of ours that a stylesheet may use before a theme is chosen."""
    return dict(_theme(THEMES["dark"]).variables)


def _theme(c: Colours) -> Theme:
    return Theme(
        name=f"nntui-{c.name}",
        dark=c.dark,
        primary=c.focus,
        secondary=c.minus,
        accent=c.plus,
        foreground=c.text,
        background=c.ground,
        surface=c.ground,
        panel=c.ground,
        warning=c.plus,
        error=c.wrong,
        success=c.right,
        text_alpha=1.0,
        variables={
            "border": c.line,
            "border-focus": c.focus,
            "border-blurred": c.line,
            "text-muted": c.muted,
            "block-cursor-background": c.accent,
            "block-cursor-foreground": c.on_accent,
            "input-selection-background": f"{c.accent} 40%",
        },
    )
