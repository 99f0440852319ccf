"""Exchange of trained models with other programs: files that are read as models, and ONNX files that are written.

What a stranger's file holds is read in an isolated process alone (`job.py`); the web process looks at names and sizes (`upload.py`).
"""
