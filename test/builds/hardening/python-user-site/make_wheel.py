"""Writes a wheel by hand, with a module and the program `serve-greetings`."""
import zipfile

info = "greeter-1.0.dist-info"
files = {
    "greeter.py": "import runpy\n\ndef main():\n    runpy.run_path('main.py', run_name='__main__')\n",
    f"{info}/METADATA": "Metadata-Version: 2.1\nName: greeter\nVersion: 1.0\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{info}/entry_points.txt": "[console_scripts]\nserve-greetings = greeter:main\n",
}
record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
with zipfile.ZipFile("greeter-1.0-py3-none-any.whl", "w") as wheel:
    for name, text in {**files, f"{info}/RECORD": record}.items():
        wheel.writestr(name, text)
