"""The screens and the dialogs over them; what they are told and what is chosen in them, the app carries on."""
