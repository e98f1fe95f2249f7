"""The webcam: what the browser does, and the server's side of it.

frontend/        camera, pose, drawing, sound, recording: JavaScript modules
wire.py          what the browser sends and hears, as Python values
live_session.py  one person in front of one camera: the live test and its clips
routes.py        WebSocket for decisions, HTTP for clips, files of the component
component.py     puts it into a Streamlit page
fetch_runtime.py brings the pose runtime of the browser, at build time
"""
