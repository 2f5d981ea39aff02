"""How the command palette is dressed; apart from it, for a stylesheet is needed at the start and the palette is not."""

PALETTE_CSS = """
CommandPalette { background: transparent; align: center top; }
CommandPalette #--container {
    width: 100%; max-width: 90; height: 80%; max-height: 32; margin-top: 2; visibility: visible;
    background: $background; border: round $border-focus; padding: 0 1;
}
CommandPalette:ansi, CommandPalette:ansi #--container { background: $background; }
CommandPalette SearchIcon { display: none; }
CommandPalette #--input, CommandPalette #--input.--list-visible {
    height: 2; border: none; border-bottom: solid $border;
}
CommandPalette CommandInput, CommandPalette CommandInput:focus {
    height: 1; border: none; padding: 0; background: $background; color: $foreground;
}
CommandPalette #--results { overlay: none; height: 1fr; background: $background; }
CommandPalette CommandList, CommandPalette CommandList.--populating {
    height: 1fr; max-height: 100%; border: none; background: $background; scrollbar-size-vertical: 1;
    scrollbar-color: $text-muted; scrollbar-color-hover: $foreground; scrollbar-color-active: $foreground;
    scrollbar-background: $background; scrollbar-background-hover: $background;
    scrollbar-background-active: $background;
}
CommandPalette CommandList > .option-list--option { padding: 0; color: $foreground; text-style: bold; }
CommandPalette CommandList > .option-list--option-highlighted {
    color: $block-cursor-foreground; background: $block-cursor-background; text-style: bold;
}
CommandPalette CommandList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
CommandPalette LoadingIndicator { display: none; }
"""
