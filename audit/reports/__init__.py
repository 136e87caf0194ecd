"""The paper: figures gathered into a report, drawn as a page and as a PDF from one template."""
