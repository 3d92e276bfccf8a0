import os
import sys
from pathlib import Path

from bot.cli import main
from launch import settings
from launch.problem import Problem

try:
    environ = settings.beside_a_run(Path(__file__).resolve().parents[1], os.environ)
except Problem as problem:
    sys.exit(str(problem))
sys.exit(main(sys.argv[1:], environ))
