class ProverbsController < ApplicationController
  def index
    @proverbs = Proverb.all
  end

  def show
    proverb = Proverb.find(params[:id])
    proverb ? render(plain: proverb) : head(:not_found)
  end
end
